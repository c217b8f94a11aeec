# Where everything goes. The command and the schema of its report are installed by analyzer/. The command and the recorder find
# each other relative to themselves, so that a prefix can be moved.
include(CMakePackageConfigHelpers)

set(recorder_folder ${CMAKE_INSTALL_LIBDIR}/lockorder)
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/lockorder)
set(pkgconfig_folder ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(TARGETS lockorder_preload LIBRARY DESTINATION ${recorder_folder})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/lockorder DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

# What other projects may build against: the trace format, a header; and the thread primitives, a library.
set_target_properties(lockorder_contract PROPERTIES EXPORT_NAME trace_format)
set_target_properties(lockorder_shared PROPERTIES EXPORT_NAME lockorder)
install(TARGETS lockorder_contract lockorder_shared lockorder_static EXPORT lockorder
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES ${PROJECT_SOURCE_DIR}/primitives/helgrind.supp DESTINATION ${CMAKE_INSTALL_DATADIR}/lockorder)
install(EXPORT lockorder NAMESPACE lockorder:: FILE lockorderTargets.cmake DESTINATION ${package_folder})
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/lockorderConfig.cmake.in
  ${PROJECT_BINARY_DIR}/lockorderConfig.cmake
  INSTALL_DESTINATION ${package_folder} PATH_VARS recorder_folder CMAKE_INSTALL_BINDIR)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/lockorderConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/lockorderConfig.cmake ${PROJECT_BINARY_DIR}/lockorderConfigVersion.cmake
  DESTINATION ${package_folder})

# From the folder of lockorder.pc to the prefix, whatever the prefix is.
file(RELATIVE_PATH pkgconfig_to_prefix /${pkgconfig_folder} /)
configure_file(${CMAKE_CURRENT_LIST_DIR}/lockorder.pc.in ${PROJECT_BINARY_DIR}/lockorder.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/lockorder.pc DESTINATION ${pkgconfig_folder})
