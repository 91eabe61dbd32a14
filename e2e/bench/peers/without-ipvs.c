/*
 * Preload of a keepalived on a machine whose kernel has no IPVS: says that it has, and takes whatever is put into its
 * table. Only the checks are real then, as with the agent's nanny beside it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* Socket options of IPVS, <linux/ip_vs.h>: IP_VS_BASE_CTL to IP_VS_SO_SET_MAX. */
enum { FIRST = 1152, GET_INFO = 1153, LAST = 1167, VERSION = 0x010201 };

static int is_ipvs(int level, int name) { return level == IPPROTO_IP && name >= FIRST && name <= LAST; }

/* No generic netlink: the socket options are what is left. */
int genl_ctrl_resolve(void *socket, const char *family) {
  (void)socket;
  (void)family;
  return -12;
}

int getsockopt(int socket, int level, int name, void *value, socklen_t *size) {
  if (!is_ipvs(level, name)) {
    int (*next)(int, int, int, void *, socklen_t *) = dlsym(RTLD_NEXT, "getsockopt");
    return next(socket, level, name, value, size);
  }
  memset(value, 0, *size);
  if (name == GET_INFO) *(unsigned int *)value = VERSION;
  return 0;
}

int setsockopt(int socket, int level, int name, const void *value, socklen_t size) {
  if (is_ipvs(level, name)) return 0;
  int (*next)(int, int, int, const void *, socklen_t) = dlsym(RTLD_NEXT, "setsockopt");
  return next(socket, level, name, value, size);
}
