/**
 * Keywords of keepalived 2.2 that are known and not carried over, by the block that they stand in, each with its
 * reason (messages.ts). A keyword in neither this table nor the reader of its block is unknown.
 */
import type { PlainReason } from '../messages.ts';
import type { LeftBehind } from './block.ts';

const because = (reason: PlainReason, words: string): LeftBehind =>
  Object.fromEntries(
    words
      .trim()
      .split(/\s+/)
      .map((word) => [word, reason]),
  );

const schedulingOfProcesses = ['vrrp', 'checker', 'bfd']
  .flatMap((part) =>
    [
      'cpu_affinity',
      'no_swap',
      'priority',
      'process_name',
      'rlimit_rttime',
      'rlimit_rtime',
      'rt_priority',
    ].map((what) => `${part}_${what}`),
  )
  .join(' ');

export const leftAtTop: LeftBehind = {
  ...because('static-network', 'static_ipaddress static_routes static_rules track_group'),
  ...because('tracking', 'vrrp_script vrrp_track_file vrrp_track_process track_file linkbeat_interfaces'),
  ...because('tracking', 'linkbeat_use_polling interface_up_down_delays'),
  ...because('bfd', 'bfd_instance'),
  ...because('announcing', 'garp_group'),
  ...because('own-process', 'net_namespace net_namespace_ipvs namespace_with_ipsets instance use_pid_dir'),
  ...because('own-process', 'child_wait_time include_check config_copy_directory'),
  ...because('client-certificate', 'SSL'),
};

export const leftInGlobals: LeftBehind = {
  ...because(
    'mail',
    'notification_email notification_email_from smtp_server smtp_connect_timeout smtp_helo_name',
  ),
  ...because('mail', 'smtp_alert smtp_alert_vrrp smtp_alert_checker no_email_faults no_checker_emails'),
  ...because('name-only', 'router_id process_name process_names lvs_process_name'),
  ...because('notify-program', 'notify_fifo notify_fifo_script vrrp_notify_fifo vrrp_notify_fifo_script'),
  ...because('notify-program', 'lvs_notify_fifo lvs_notify_fifo_script vrrp_notify_priority_changes'),
  ...because('notify-program', 'fifo_write_vrrp_states_on_reload rs_init_notifies'),
  ...because(
    'start-program',
    'startup_script startup_script_timeout shutdown_script shutdown_script_timeout',
  ),
  ...because('script-user', 'script_user enable_script_security'),
  ...because(
    'snmp',
    'snmp_socket enable_snmp_keepalived enable_snmp_vrrp enable_snmp_checker enable_snmp_rfc',
  ),
  ...because('snmp', 'enable_snmp_rfcv2 enable_snmp_rfcv3 enable_traps enable_dbus dbus_service_name'),
  ...because('never-flushes', 'lvs_flush lvs_flush_on_stop lvs_flush_onstop'),
  ...because('announcing', 'vrrp_garp_master_delay vrrp_garp_master_repeat vrrp_garp_master_refresh_repeat'),
  ...because('announcing', 'vrrp_garp_lower_prio_delay vrrp_garp_lower_prio_repeat vrrp_garp_extra_if'),
  ...because('announcing', 'vrrp_garp_interval vrrp_gna_interval vrrp_min_garp vrrp_vmac_garp_intvl'),
  ...because(
    'vrrp',
    'vrrp_mcast_group4 vrrp_mcast_group6 vrrp_version vrrp_iptables vrrp_ipsets vrrp_strict',
  ),
  ...because('vrrp', 'vrrp_lower_prio_no_advert vrrp_higher_prio_send_advert vrrp_check_unicast_src'),
  ...because('vrrp', 'vrrp_skip_check_adv_addr vrrp_down_timer_adverts vrrp_startup_delay vmac_prefix'),
  ...because(
    'vrrp',
    'vmac_addr_prefix dynamic_interfaces allow_if_changes log_unknown_vrids disable_local_igmp',
  ),
  ...because('vrrp', 'nftables nftables_counters nftables_ifindex nftables_priority'),
  ...because('own-marks', 'nftables_ipvs nftables_ipvs_priority nftables_ipvs_start_fwmark'),
  ...because('own-process', schedulingOfProcesses),
  ...because('own-process', 'max_auto_priority min_auto_priority_delay umask random_seed config_save_dir'),
  ...because('own-process', 'data_use_instance tmp_config_directory use_symlink_paths use_pid_dir'),
  ...because(
    'own-process',
    'lvs_netlink_cmd_rcv_bufs lvs_netlink_cmd_rcv_bufs_force process_monitor_rcv_bufs',
  ),
  ...because('own-process', 'lvs_netlink_monitor_rcv_bufs lvs_netlink_monitor_rcv_bufs_force'),
  ...because('own-process', 'process_monitor_rcv_bufs_force vrrp_netlink_cmd_rcv_bufs vrrp_rx_bufs_policy'),
  ...because(
    'own-process',
    'vrrp_netlink_cmd_rcv_bufs_force vrrp_netlink_monitor_rcv_bufs vrrp_rx_bufs_multiplier',
  ),
  ...because('own-process', 'vrrp_netlink_monitor_rcv_bufs_force checker_log_all_failures instance'),
  ...because(
    'own-process',
    'reload_check_config reload_file reload_repeat reload_time_file linkbeat_use_polling',
  ),
  ...because(
    'own-process',
    'net_namespace net_namespace_ipvs namespace_with_ipsets include_check child_wait_time',
  ),
};

export const leftInInstance: LeftBehind = {
  ...because(
    'vrrp',
    'virtual_router_id version accept no_accept skip_check_adv_addr strict_mode debug native_ipv6',
  ),
  ...because('vrrp', 'lower_prio_no_advert higher_prio_send_advert old_unicast_checksum unicast_ttl'),
  ...because(
    'vrrp',
    'unicast_fault_no_peer check_unicast_src mcast_dst_ip track_src_ip kernel_rx_buf_size vrf',
  ),
  ...because('vrrp-password', 'authentication'),
  ...because('virtual-mac', 'use_vmac use_vmac_addr vmac_xmit_base use_ipvlan'),
  ...because('tracking', 'track_script track_file track_process track_bfd linkbeat_use_polling'),
  ...because('announcing', 'garp_master_delay garp_master_repeat garp_master_refresh_repeat garp_extra_if'),
  ...because('announcing', 'garp_lower_prio_delay garp_lower_prio_repeat'),
  ...because('moving-routes', 'virtual_routes virtual_rules promote_secondaries'),
  ...because('notify-program', 'notify notify_master notify_backup notify_fault notify_stop notify_deleted'),
  ...because('notify-program', 'notify_master_rx_lower_pri notify_priority_changes'),
  ...because('mail', 'smtp_alert'),
};

export const leftInSyncGroup: LeftBehind = {
  ...because('tracking', 'track_interface track_script track_file track_process track_bfd global_tracking'),
  ...because('tracking', 'sync_group_tracking_weight'),
  ...because('notify-program', 'notify notify_master notify_backup notify_fault notify_stop notify_deleted'),
  ...because('notify-program', 'notify_priority_changes'),
  ...because('mail', 'smtp_alert'),
};

export const leftInVirtual: LeftBehind = {
  ...because('unknown-flag', 'flag-3 hashed'),
  ...because('sip-persistence', 'persistence_engine'),
  ...because('suspend', 'ha_suspend'),
  ...because('mail', 'smtp_alert'),
  ...because('start-state', 'alpha'),
  ...because('notify-program', 'omega quorum_up quorum_down'),
  ...because('quiet-sorry-server', 'sorry_server_inhibit'),
  ...because('spread', 'warmup'),
};

export const leftInServer: LeftBehind = {
  ...because('notify-program', 'notify_up notify_down'),
  ...because('mail', 'smtp_alert'),
  ...because('start-state', 'alpha'),
  ...because('spread', 'warmup'),
};

/** Options of every kind of check. */
export const leftInCheck: LeftBehind = {
  ...because('start-state', 'alpha'),
  ...because('spread', 'warmup'),
  ...because('own-process', 'log_all_failures'),
  ...because('check-socket', 'bind_if bind_port fwmark'),
  ...because('http-version', 'http_protocol'),
  ...because('fast-recovery', 'fast_recovery'),
  ...because('always-sni', 'enable_sni'),
  ...because('program-weight', 'misc_dynamic'),
  ...because('script-user', 'user'),
  ...because('reply-length', 'min_reply_length max_reply_length'),
};

export const leftInUrl: LeftBehind = {
  ...because('digest', 'digest'),
  ...because('expression-options', 'regex_stack regex_min_offset regex_max_offset'),
};
